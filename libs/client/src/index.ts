// The client library: typed calls, the live connection and the crypto session, for browsers and for Node.
export type * from './views.ts'
export { clientProblems, SlussProblem } from './problem.ts'
export { wordsOf } from './live.ts'
export type { ClientProblem } from './problem.ts'
export { connect } from './connect.ts'
export type { Connected, Connection } from './connect.ts'
export { cookieJar } from './cookies.ts'
export type { CookieJar } from './cookies.ts'
export type { Outbox } from './outbox.ts'
export { signIn } from './sign-in.ts'
export {
  contradictReplacement,
  createRoot,
  foundTenant,
  openRoot,
  replaceCustodians,
  rotateRoot,
} from './ceremonies.ts'
export type { ChainEnd, Founding, RootFile } from './ceremonies.ts'
