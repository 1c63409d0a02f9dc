// Brings a database to the newest form: the numbered SQL files beside this one, forward only, each in its own transaction.
/** Makes the roles and the database if missing, and sets the passwords given. `adminUrl`: a superuser on any database of the server. */
export declare function prepare(
  adminUrl: string,
  wanted: {
    readonly database: string
    readonly ownerPassword?: string
    readonly appPassword: string
    readonly readPassword?: string
  },
): Promise<void>
/** Applies what is missing, answers the names. `ownerUrl`: sluss_owner or a superuser, on the database itself. */
export declare function migrate(ownerUrl: string): Promise<readonly string[]>
