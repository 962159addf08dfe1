export * from 'next/navigation.js';

/**
 * The framework tells a page its address only inside an app of its own: in the tests of pages it is what the window says.
 * Every file has it so, since a module that one file puts in another's place would stay there for those after it.
 */
export function useSearchParams(): URLSearchParams {
  return new URLSearchParams(window.location.search);
}
