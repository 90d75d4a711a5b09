import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;

/**
 * Does with Apache Avro what the gate's verdict needs and nothing else: no git, no rules, no reasons.
 *
 * <p>In the directory it is given, {@code <subject>.avsc} is what is proposed and {@code <subject>/*.avsc} is what was
 * published. Every file is parsed, and every proposal is judged against each of its versions, as reader and as writer.
 * Prints the subjects that break, one a line.
 */
final class AvroPeer {
  public static void main(String[] arguments) throws IOException {
    for (Path proposal : children(Path.of(arguments[0]))) {
      if (Files.isDirectory(proposal)) {
        continue;
      }
      String subject = proposal.getFileName().toString().replace(".avsc", "");
      if (breaks(parse(proposal), children(proposal.resolveSibling(subject)))) {
        System.out.println(subject);
      }
    }
  }

  private static boolean breaks(Schema proposed, List<Path> versions) throws IOException {
    boolean broken = false;
    for (Path path : versions) {
      Schema published = parse(path);
      boolean backward = reads(proposed, published);
      boolean forward = reads(published, proposed);
      broken |= !(backward && forward);
    }
    return broken;
  }

  private static boolean reads(Schema reader, Schema writer) {
    SchemaCompatibilityType type = SchemaCompatibility.checkReaderWriterCompatibility(reader, writer).getType();
    return type == SchemaCompatibilityType.COMPATIBLE;
  }

  /** A parser of its own for each file, as a file's types are its own. */
  private static Schema parse(Path path) throws IOException {
    return new Schema.Parser().parse(Files.readString(path));
  }

  private static List<Path> children(Path directory) throws IOException {
    try (Stream<Path> found = Files.list(directory)) {
      return found.sorted().toList();
    }
  }
}
