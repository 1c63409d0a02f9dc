// What a person's roles let her do with content, within what her assignment carries (domain.md § 1).
import type { Category } from '../consents/categories.ts'
import { categories } from '../consents/categories.ts'
import type { Role } from './roles.ts'
import { caseOpeners, defaultCategories, ledgerOpeners, receiverRoles, writableCategories } from './roles.ts'

/** True where some role writes this category and the assignment carries it. */
export const mayWrite = (roles: readonly Role[], assigned: readonly Category[], category: Category): boolean =>
  assigned.includes(category) && roles.some((role) => writableCategories[role]?.includes(category) === true)

/** True where some role writes anything at all. */
const writesAnything = (roles: readonly Role[]): boolean =>
  roles.some((role) => (writableCategories[role] ?? []).length > 0)

/**
 * True where some role writes everything: such staff decide, when assigned, on what flows (protocol.md § 4). Who writes on one entrusted
 * measure or one kind of assessment alone does not.
 */
export const mayDecideOnFlows = (roles: readonly Role[]): boolean =>
  roles.some((role) => writableCategories[role]?.length === categories.length)

export const isReceiver = (roles: readonly Role[]): boolean => roles.some((role) => receiverRoles.includes(role))
export const mayOpenCase = (roles: readonly Role[]): boolean => roles.some((role) => caseOpeners.includes(role))
export const mayOpenLedger = (roles: readonly Role[]): boolean => roles.some((role) => ledgerOpeners.includes(role))

/** Roles with a path to a case: those that write, and receivers, who may assign themselves. No other role reads content. */
export const mayBeAssigned = (roles: readonly Role[]): boolean => writesAnything(roles) || isReceiver(roles)

/**
 * What an assignment of somebody in these roles carries unless it is chosen, in the domain's order. Nothing for a team
 * leader or a performer: for them it has to be chosen (domain.md § 1 "Inner secrecy").
 */
export function categoriesByRole(roles: readonly Role[]): readonly Category[] {
  const carried = new Set(roles.flatMap((role) => defaultCategories[role] ?? []))
  return categories.filter((category) => carried.has(category))
}
