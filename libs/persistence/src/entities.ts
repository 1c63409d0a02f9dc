// TypeORM's picture of the tables that it reads; SQL is the truth (migrations/*.sql) and a test compares the two.
import type { AuthorityId, TenantId, TenantKind, UnitId } from '#libs/domain'
import { Column, Entity, JoinColumn, ManyToOne, OneToMany, PrimaryColumn } from 'typeorm'
import type { Relation } from 'typeorm'

@Entity({ name: 'tenants' })
export class TenantEntity {
  @PrimaryColumn({ type: 'uuid' }) declare id: TenantId
  @Column({ type: 'text' }) declare name: string
  @Column({ type: 'text' }) declare kind: TenantKind
  @Column({ name: 'kommun_code', type: 'text', nullable: true }) declare kommunCode: string | null
  @OneToMany(() => AuthorityEntity, (authority) => authority.tenant) declare authorities: Relation<AuthorityEntity>[]
}

@Entity({ name: 'authorities' })
export class AuthorityEntity {
  @PrimaryColumn({ type: 'uuid' }) declare id: AuthorityId
  @Column({ type: 'text' }) declare name: string
  @ManyToOne(() => TenantEntity, (tenant) => tenant.authorities)
  @JoinColumn({ name: 'tenant_id' })
  declare tenant: Relation<TenantEntity>
  @OneToMany(() => UnitEntity, (unit) => unit.authority) declare units: Relation<UnitEntity>[]
}

@Entity({ name: 'units' })
export class UnitEntity {
  @PrimaryColumn({ type: 'uuid' }) declare id: UnitId
  @Column({ type: 'text' }) declare name: string
  @ManyToOne(() => AuthorityEntity, (authority) => authority.units)
  @JoinColumn({ name: 'authority_id' })
  declare authority: Relation<AuthorityEntity>
}

export const entities = [TenantEntity, AuthorityEntity, UnitEntity] as const
