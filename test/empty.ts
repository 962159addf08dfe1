// Stands in for `server-only` in tests, where no bundler removes it.
export {};
