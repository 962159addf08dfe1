import { configure } from '@testing-library/react';

// What a test waits for comes, or the test hangs: a busy machine is no failure.
configure({ asyncUtilTimeout: 10_000 });
