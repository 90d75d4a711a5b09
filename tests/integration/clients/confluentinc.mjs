// @confluentinc/schemaregistry: tasks and results as in serde.py; the folder of node_modules is the argument.
// With a `reader` it reads as the subject's latest version, since it takes no other reader's schema.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const require = createRequire(`${process.argv[2]}/`)
const { AvroDeserializer, AvroSerializer, SchemaRegistryClient, SerdeType, SubjectNameStrategyType } =
  require('@confluentinc/schemaregistry')

const task = JSON.parse(readFileSync(0, 'utf8'))
const credentials = { credentialsSource: 'USER_INFO', userInfo: `${task.user}:${task.password}` }
const client = new SchemaRegistryClient({
  baseURLs: [task.url], cacheCapacity: 100, ...(task.user ? { basicAuthCredentials: credentials } : {})
})
const naming = task.how === 'associated' ? {} : { subjectNameStrategyType: SubjectNameStrategyType.TOPIC }

async function write () {
  const config = { useLatestVersion: true, autoRegisterSchemas: false, ...naming }
  const raw = await new AvroSerializer(client, SerdeType.VALUE, config).serialize(task.topic, task.value)
  return { frame: raw.toString('hex') }
}

async function read () {
  const config = { useLatestVersion: Boolean(task.reader), ...naming }
  const raw = Buffer.from(task.frame, 'hex')
  return { value: await new AvroDeserializer(client, SerdeType.VALUE, config).deserialize(task.topic, raw) }
}

const result = await (task.do === 'write' ? write : read)().catch(error => ({
  error: error.name, message: error.message, status: error.status, code: error.errorCode
}))
process.stdout.write(JSON.stringify(result))
