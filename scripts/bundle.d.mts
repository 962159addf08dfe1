export function bundleWorkers(): Promise<void>;
