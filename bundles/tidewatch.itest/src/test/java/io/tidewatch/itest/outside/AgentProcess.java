package io.tidewatch.itest.outside;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidewatch.testing.server.FreePort;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/**
 * The shipped distribution as a process of its own, with configuration, state and deploy folders of its own. Closing it
 * ends the process whatever state it is in.
 */
public final class AgentProcess implements AutoCloseable {
    private static final Pattern COLLECTOR = Pattern.compile("tidewatch\\.collector\\.([a-z]+)-.*\\.jar");

    private static final Duration STOP_LIMIT = Duration.ofSeconds(15);

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path tree;
    private final Path folder;
    private final int healthPort;
    private final List<String> javaOptions = new ArrayList<>();
    private final Map<String, String> variables = new TreeMap<>();
    private final List<String> prefix = new ArrayList<>();
    private Process process;
    private int starts;

    /**
     * @param tree an unpacked distribution
     * @param folder where its config, state, deploy folders and its output go
     */
    public AgentProcess(Path tree, Path folder) throws IOException {
        this.tree = tree;
        this.folder = folder;
        this.healthPort = FreePort.next();
        for (String name : List.of("config", "state", "deploy")) {
            Files.createDirectories(folder.resolve(name));
        }
        configure("tidewatch.health", Map.of("address", "127.0.0.1:" + healthPort));
    }

    /** The distribution that the build made. */
    public static Path distribution() {
        Path tree = Path.of(System.getProperty("tidewatch.distribution"));
        assertThat(tree.resolve("bin/tidewatch")).as("the built distribution").isExecutable();
        return tree;
    }

    /** A copy of the distribution that the build made, for a test that adds to it. */
    static Path copyOfDistribution(Path to) throws IOException {
        Path from = distribution();
        try (Stream<Path> paths = Files.walk(from)) {
            for (Path path : paths.toList()) {
                Files.copy(path, to.resolve(from.relativize(path).toString()));
            }
        }
        return to;
    }

    /** The names of the collectors that it holds and that run without a configuration, such as {@code cpu}. */
    static List<String> shippedCollectors() throws IOException {
        List<String> names = new ArrayList<>();
        Set<String> withFile = BundleReadme.all().stream()
                .filter(BundleReadme::needsFile)
                .map(BundleReadme::bundle)
                .collect(Collectors.toSet());
        try (Stream<Path> jars = Files.walk(distribution().resolve("bundles"))) {
            jars.map(jar -> COLLECTOR.matcher(jar.getFileName().toString()))
                    .filter(Matcher::matches)
                    .map(jar -> jar.group(1))
                    .filter(name -> !withFile.contains("tidewatch.collector." + name))
                    .forEach(names::add);
        }
        assertThat(names).as("collectors in the distribution").isNotEmpty();
        return names;
    }

    /** The collectors that other bundles bring along, of the agent itself; what they report is never the same twice. */
    static List<String> ownCollectors() {
        return List.of("health", "scheduler", "storage", "uploader");
    }

    /** An empty folder for a test. */
    public static Path workFolder(String name) throws IOException {
        Path folder = Path.of(System.getProperty("tidewatch.itest.work"), name);
        if (Files.exists(folder)) {
            try (var paths = Files.walk(folder)) {
                for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
        return Files.createDirectories(folder);
    }

    public AgentProcess configure(String pid, Map<String, String> values) throws IOException {
        StringBuilder text = new StringBuilder();
        new TreeMap<>(values)
                .forEach((key, value) ->
                        text.append(key).append(" = ").append(value).append('\n'));
        Files.writeString(folder.resolve("config").resolve(pid + ".cfg"), text.toString());
        return this;
    }

    /** One more variable of the environment. */
    public AgentProcess variable(String name, String value) {
        variables.put(name, value);
        return this;
    }

    AgentProcess javaOption(String option) {
        javaOptions.add(option);
        return this;
    }

    /**
     * Lets the process run without privileges: as "nobody" where the tests run as root, else as the user that runs
     * them.
     */
    AgentProcess asOrdinaryUser() throws Exception {
        if ("root".equals(System.getProperty("user.name"))) {
            prefix.addAll(List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--no-new-privs"));
            Process chown = new ProcessBuilder("chown", "-R", "65534:65534", folder.toString())
                    .inheritIO()
                    .start();
            assertThat(chown.waitFor()).as("chown").isZero();
        }
        return this;
    }

    Path folder(String name) {
        return folder.resolve(name);
    }

    Path database() {
        return folder.resolve("state/metrics.db");
    }

    public AgentProcess start() throws IOException {
        assertThat(process == null || !process.isAlive()).as("not running yet").isTrue();
        process = launch(folder.resolve("output-" + ++starts + ".log"), "run");
        return this;
    }

    /** Runs the start script beside whatever runs already, and waits for its end. */
    public Ended runAnother(String... arguments) throws Exception {
        Path output = folder.resolve("output-another.log");
        Process another = launch(output, arguments);
        assertThat(another.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .as("the other process ends")
                .isTrue();
        return new Ended(another.exitValue(), Files.readString(output));
    }

    /**
     * Makes the archive of the agent's classes, as the package does when it is installed.
     *
     * @throws IllegalStateException if that fails
     */
    public AgentProcess archived() throws Exception {
        Ended made = runAnother("archive");
        if (made.exitCode() != 0) {
            throw new IllegalStateException("The class archive could not be made: " + made.output());
        }
        return this;
    }

    /** How a process ended. */
    public record Ended(int exitCode, String output) {}

    private Process launch(Path output, String... arguments) throws IOException {
        // A build under nohup ignores SIGHUP, and so would the agent.
        List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT,HUP"));
        command.addAll(prefix);
        command.add(tree.resolve("bin/tidewatch").toString());
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        Map<String, String> environment = builder.environment();
        environment.put("TIDEWATCH_CONFIG", folder.resolve("config").toString());
        environment.put("TIDEWATCH_STATE", folder.resolve("state").toString());
        environment.put("TIDEWATCH_DEPLOY", folder.resolve("deploy").toString());
        environment.put("TIDEWATCH_JAVA_OPTS", String.join(" ", javaOptions));
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.remove("TIDEWATCH_COLLECTORS");
        environment.putAll(variables);
        return builder.start();
    }

    public Process process() {
        return process;
    }

    /** Sends a signal, such as {@code HUP}. */
    void signal(String signal) throws Exception {
        int code = new ProcessBuilder("kill", "-" + signal, String.valueOf(process.pid()))
                .inheritIO()
                .start()
                .waitFor();
        assertThat(code).as("kill -" + signal).isZero();
    }

    /** Waits until the process ends by itself. */
    int awaitEnd(Duration limit) throws InterruptedException {
        assertThat(process.waitFor(limit.toSeconds(), TimeUnit.SECONDS))
                .as(() -> "the agent ends within " + limit + "; its output:\n" + output())
                .isTrue();
        return process.exitValue();
    }

    /** SIGTERM; returns the exit code. */
    public int stop() throws InterruptedException {
        process.destroy();
        return awaitEnd(STOP_LIMIT);
    }

    /** SIGKILL. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        awaitEnd(STOP_LIMIT);
    }

    /** What the agent printed since its newest start. */
    String output() {
        try {
            return Files.readString(folder.resolve("output-" + starts + ".log"));
        } catch (IOException e) {
            return "no output: " + e.getMessage();
        }
    }

    /** Where it serves health and metrics, at 127.0.0.1. */
    int port() {
        return healthPort;
    }

    /** An answer of the health endpoint. */
    record Answer(int status, String body) {
        JsonNode json() throws IOException {
            return new ObjectMapper().readTree(body);
        }
    }

    Answer get(String path) throws IOException {
        HttpURLConnection connection = (HttpURLConnection)
                URI.create("http://127.0.0.1:" + healthPort + path).toURL().openConnection();
        connection.setConnectTimeout(5000);
        connection.setReadTimeout(20_000);
        int status = connection.getResponseCode();
        try (InputStream body = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
            return new Answer(status, body == null ? "" : new String(body.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    /** A component of /health; missing if the agent does not answer or has none of that name. */
    JsonNode component(String name) {
        try {
            return get("/health").json().path("components").path(name);
        } catch (IOException e) {
            return new ObjectMapper().missingNode();
        }
    }

    /** Waits until the health endpoint says this status. */
    void awaitStatus(String status) {
        await(
                "health " + status,
                () -> get("/health").json().path("status").asText().equals(status));
    }

    /** Waits for a condition, with the agent's output in the failure. */
    void await(String what, Callable<Boolean> condition) {
        await(what, PATIENCE, condition);
    }

    /** The same with a patience of its own. */
    void await(String what, Duration patience, Callable<Boolean> condition) {
        try {
            Awaitility.await(what)
                    .atMost(patience)
                    .pollInterval(Duration.ofMillis(200))
                    .ignoreExceptions()
                    .until(condition);
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(what + " did not come; output of the agent:\n" + output(), e);
        }
    }

    @Override
    public void close() throws InterruptedException {
        if (process != null && process.isAlive()) {
            process.destroyForcibly();
            process.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS);
        }
    }
}
