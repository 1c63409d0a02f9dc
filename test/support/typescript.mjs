// Lets plain Node run the sources, for processes of their own (a node that is killed, a benchmark), without a build of their own:
// node -C sluss-source --import ./test/support/typescript.mjs <file.ts>
import { register } from 'node:module'

register('./typescript-hooks.mjs', import.meta.url)
