// Confluent's KafkaAvroSerializer and KafkaAvroDeserializer: tasks and results as in serde.py; no registration.
// `how` is "lookup", "latest" or "normalize".

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import io.confluent.kafka.serializers.KafkaAvroDeserializer;
import io.confluent.kafka.serializers.KafkaAvroSerializer;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.io.DecoderFactory;
import org.apache.kafka.common.errors.SerializationException;

class Serde {
    static final ObjectMapper JSON = new ObjectMapper();

    public static void main(String[] arguments) throws Exception {
        JsonNode task = JSON.readTree(System.in);
        ObjectNode result = JSON.createObjectNode();
        try {
            if (task.get("do").asText().equals("write")) {
                result.put("frame", HexFormat.of().formatHex(write(task)));
            } else {
                result.set("value", JSON.readTree(read(task).toString()));
            }
        } catch (SerializationException error) {
            result.put("error", "SerializationException");
            if (error.getCause() instanceof RestClientException said) {
                result.put("status", said.getStatus()).put("code", said.getErrorCode());
            } else {
                result.put("message", String.valueOf(error.getCause()));
            }
        }
        System.out.print(result);
    }

    static Map<String, Object> settings(JsonNode task) {
        String how = task.path("how").asText("lookup");
        Map<String, Object> made = new HashMap<>();
        made.put("schema.registry.url", task.get("url").asText());
        made.put("auto.register.schemas", false);
        made.put("use.latest.version", how.equals("latest"));
        made.put("normalize.schemas", how.equals("normalize"));
        return made;
    }

    static byte[] write(JsonNode task) throws Exception {
        Schema schema = new Schema.Parser().parse(task.get("schema").asText());
        var decoder = DecoderFactory.get().jsonDecoder(schema, task.get("value").toString());
        Object value = new GenericDatumReader<>(schema).read(null, decoder);
        try (var serializer = new KafkaAvroSerializer()) {
            serializer.configure(settings(task), false);
            return serializer.serialize(task.get("topic").asText(), value);
        }
    }

    static Object read(JsonNode task) {
        try (var deserializer = new KafkaAvroDeserializer()) {
            deserializer.configure(settings(task), false);
            byte[] frame = HexFormat.of().parseHex(task.get("frame").asText());
            return deserializer.deserialize(task.get("topic").asText(), frame);
        }
    }
}
