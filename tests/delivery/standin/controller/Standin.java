import java.nio.file.*;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Stands in for Jenkins: says how it was started, answers nothing, and ends when it is told to.
 * standin.war is this, by: javac --release 17 Standin.java && jar cfe standin.war Standin *.class
 */
public class Standin {
    public static void main(String[] arguments) throws Exception {
        System.out.println("arguments " + String.join(" ", arguments));
        for (String name : new java.util.TreeSet<>(System.getenv().keySet())) {
            System.out.println("variable " + name + "=" + System.getenv(name));
        }
        try (var files = Files.list(Path.of(System.getenv("SECRETS")))) {
            for (Path file : files.sorted().toList()) {
                System.out.println("secret " + file.getFileName() + "="
                    + Files.readString(file).length() + " "
                    + PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
            }
        }
        try (var plugins = Files.list(Path.of(System.getenv("JENKINS_HOME"), "plugins"))) {
            plugins.sorted().forEach(file -> System.out.println("plugin " + file.getFileName()));
        }
        System.out.println("groups " + Files.readString(Path.of("/proc/self/status")).lines()
            .filter(line -> line.startsWith("Groups:") || line.startsWith("Uid:")
                || line.startsWith("CapEff:")).toList());
        Runtime.getRuntime().addShutdownHook(new Thread(() -> System.out.println("told to end")));
        System.out.println("fully up and running");
        Thread.sleep(600_000);
    }
}
