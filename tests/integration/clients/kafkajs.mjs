// @kafkajs/confluent-schema-registry: tasks and results as in serde.py; the folder of node_modules is the argument.
// Only encode and decode are used: register() would write, and would set the subject's level to its own default.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const require = createRequire(`${process.argv[2]}/`)
const { SchemaRegistry, SchemaType } = require('@kafkajs/confluent-schema-registry')

const task = JSON.parse(readFileSync(0, 'utf8'))
const auth = task.user ? { username: task.user, password: task.password } : undefined
const registry = new SchemaRegistry({ host: task.url, auth, retry: { retries: 0 } })

async function write () {
  const id = await registry.getLatestSchemaId(`${task.topic}-value`)
  return { frame: (await registry.encode(id, task.value)).toString('hex') }
}

async function read () {
  const readerSchema = task.reader ? JSON.parse(task.reader) : undefined
  const options = readerSchema ? { [SchemaType.AVRO]: { readerSchema } } : undefined
  return { value: await registry.decode(Buffer.from(task.frame, 'hex'), options) }
}

const result = await (task.do === 'write' ? write : read)().catch(error => ({
  error: error.name, message: error.message, status: error.status
}))
process.stdout.write(JSON.stringify(result))
