// JSON Schema of what a zod schema accepts or sends, for the OpenAPI document.
import { z } from 'zod'

export type JsonSchema = { readonly [member: string]: unknown }

/** `request`: what a caller writes, before defaults. `answer`: what is sent; members outside the schema never are. */
export function jsonSchemaOf(schema: z.ZodType, direction: 'request' | 'answer'): JsonSchema {
  const { $schema: _dialect, ...found } = z.toJSONSchema(schema, {
    io: direction === 'request' ? 'input' : 'output',
    // Only a transform's own half, on the way out, has no form of its own; `override` gives it that of the text it brands.
    unrepresentable: direction === 'request' ? 'throw' : 'any',
    override: ({ zodSchema, jsonSchema }) => {
      const { def } = zodSchema._zod
      // The transforms of the wire only brand (`schemas.ts`): on the way out the text is what it was on the way in.
      if (def.type === 'pipe' && 'in' in def && def.in instanceof z.ZodType) {
        Object.assign(jsonSchema, jsonSchemaOf(def.in, direction))
      }
    },
  })
  return found
}
