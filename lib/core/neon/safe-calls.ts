const ID = '[a-z0-9-]{1,60}';

/**
 * The calls that we send, all of them: each is answered by Neon's control plane or its billing records alone and
 * reaches no compute. Everything else is refused before it is sent.
 */
const SAFE_PATHS: readonly RegExp[] = [
  '/projects',
  `/projects/${ID}`,
  `/projects/${ID}/branches`,
  `/projects/${ID}/endpoints`,
  `/projects/${ID}/endpoints/${ID}`,
  `/projects/${ID}/operations`,
  '/consumption_history/v2/projects',
  `/organizations/${ID}/billing/spending_limit`,
].map((path) => new RegExp(`^${path}$`));

/**
 * Calls that start a compute, run something on it or hand out a way to do so; kept for the tests and for people who
 * read this. Methods other than GET are never sent, whatever the path.
 */
export const WAKING_CALLS: readonly (readonly [method: string, path: string])[] = [
  ['POST', '/projects/{project_id}/endpoints/{endpoint_id}/start'],
  ['POST', '/projects/{project_id}/endpoints/{endpoint_id}/restart'],
  ['PATCH', '/projects/{project_id}/endpoints/{endpoint_id}'],
  ['POST', '/projects/{project_id}/endpoints'],
  ['POST', '/projects/{project_id}/branches'],
  ['POST', '/projects/{project_id}/branches/{branch_id}/restore'],
  ['POST', '/projects/{project_id}/branches/{branch_id}/roles'],
  ['POST', '/projects/{project_id}/branches/{branch_id}/roles/{role_name}/reset_password'],
  ['POST', '/projects/{project_id}/branches/{branch_id}/databases'],
  // These read, but from the database itself: they connect, so the compute has to run.
  ['GET', '/projects/{project_id}/advisors'],
  ['GET', '/projects/{project_id}/branches/{branch_id}/schema'],
  ['GET', '/projects/{project_id}/branches/{branch_id}/compare_schema'],
  // These wake nothing by themselves and hand out a password, which is not ours to have.
  ['GET', '/projects/{project_id}/connection_uri'],
  ['GET', '/projects/{project_id}/branches/{branch_id}/roles/{role_name}/reveal_password'],
];

/** True for a call that certainly wakes no compute. `path` begins behind `/api/v2` and has no query. */
export function isSafeCall(method: string, path: string): boolean {
  return method === 'GET' && SAFE_PATHS.some((safe) => safe.test(path));
}
