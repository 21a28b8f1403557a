package io.tidewatch.itest.outside;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** One of every mistake that can be made in a configuration folder, and what an operator hears of it. */
@Order(3)
class ConfigurationMistakesIT {
    /**
     * A mistake.
     *
     * @param pid in whose file
     * @param line what to write below a comment, so in line 2
     * @param told what is said of it, the file and the line in front apart
     */
    private record Mistake(String pid, String line, List<String> told) {
        static Mistake of(String pid, String line, String... told) {
            return new Mistake(pid, line, List.of(told));
        }

        void writeTo(Path folder) throws IOException {
            // Only the last byte of "ä" in the one that is not UTF-8 tells this from UTF-8.
            Files.write(folder.resolve(pid + ".cfg"), ("# mine\n" + line + "\n").getBytes(StandardCharsets.ISO_8859_1));
        }

        Pattern pattern() {
            String place = Pattern.quote(pid + ".cfg") + "(:[2-9])?: ";
            StringBuilder pattern = new StringBuilder(place);
            told.forEach(text -> pattern.append(".*").append(Pattern.quote(text)));
            return Pattern.compile(pattern.toString());
        }
    }

    private static final String UPLOADER = "tidewatch.uploader.victoriametrics";
    private static final String SECRET = "hunter2";

    private static final List<Mistake> MISTAKES = List.of(
            Mistake.of(
                    "tidewatch.collector.cpu", "interval = 10", "invalid interval \"10\" (expected a duration", "10s?"),
            Mistake.of(
                    "tidewatch.store.sqlite",
                    "max.size = 500MB",
                    "invalid max.size \"500MB\" (expected a size",
                    "500MiB?"),
            Mistake.of(
                    "tidewatch.collector.network-lte",
                    "interval = 2s",
                    "is not used beside tidewatch.collector.network.cfg",
                    "rename that file to tidewatch.collector.network-<name>.cfg as well"),
            Mistake.of(
                    "tidewatch.collector.network",
                    "max.interfaces = many",
                    "invalid max.interfaces \"many\" (expected a whole number from 1 to 1000)"),
            Mistake.of("tidewatch.collector.load", "enabled = yes", "invalid enabled \"yes\" (expected true or false)"),
            Mistake.of(
                    "tidewatch.collector.memory",
                    "priority = urgent",
                    "invalid priority \"urgent\" (expected critical"),
            Mistake.of(
                    "tidewatch.collector.disk",
                    "allowed.devices = sd[a-z",
                    "invalid allowed.devices \"sd[a-z\" (expected regular expressions",
                    "at position"),
            Mistake.of("tidewatch.health", "address = localhost:http", "invalid address \"localhost:http\" (expected "),
            Mistake.of(
                    "tidewatch.clockskew",
                    "url = ftp://time.example.org",
                    "invalid url \"ftp://",
                    "expected an http or https URL"),
            Mistake.of(
                    "tidewatch.collector.uptime",
                    "intervall = 5s",
                    "intervall is no key",
                    "did you mean interval?",
                    "expected enabled, interval, priority, timeout"),
            Mistake.of(
                    "tidewatch.colector.cpu",
                    "interval = 5s",
                    "nothing is configured",
                    "did you mean tidewatch.collector.cpu.cfg?"),
            // Cases C08 and X3: copies; that of the network above, before the file that it is not used beside.
            copy("tidewatch.health-bak", "address = 127.0.0.1:9"),
            copy("tidewatch.collector.memory~1", "interval = 77s"),
            copy("tidewatch.store.sqlite-2024", "path = ${tidewatch.state}/other.db"),
            copy(UPLOADER + "-old", "url = http://127.0.0.1:9/api/v1/import"),
            // Case X2.
            Mistake.of(
                    "tidewatch.collector.filesystem",
                    "interval = 1s\ncollector.name = foo",
                    "collector.name is no key of tidewatch.collector.filesystem and has no effect"),
            Mistake.of(
                    "tidewatch.device", "id = Ger\u00e4t", "id is not UTF-8", "0xE4", "save the file in that encoding"),
            Mistake.of(
                    "tidewatch.collector.pressure", "interval 5s", "interval", "without '='", "expected key = value"),
            Mistake.of(
                    "tidewatch.collector.thermal",
                    "interval = 5s\ninterval = 6s",
                    "interval is there a second time",
                    "delete line 2 or this one"),
            Mistake.of(
                    UPLOADER,
                    "headers = X-Key=" + SECRET + "${env:NO_SUCH_VARIABLE}",
                    "invalid headers ",
                    "${env:NO_SUCH_VARIABLE}",
                    "expected a variable that is set",
                    "NO_SUCH_VARIABLE"),
            Mistake.of(
                    "tidewatch.collector.cpufreq",
                    "interval = ${secret:interval}",
                    "invalid interval \"${secret:interval}\" (expected no secret in this key"),
            Mistake.of("org.ops4j.pax.logging", "format = xml", "invalid format \"xml\" (expected console, json)"));

    @Test
    void everyMistakeIsNamedAndTheAgentRunsOn() throws Exception {
        try (AgentProcess agent = agent("mistakes-live").start()) {
            Path config = agent.folder("config");
            String health = Files.readString(config.resolve("tidewatch.health.cfg"));
            agent.await("configuration in force", () -> status(agent).equals("ok"));

            for (Mistake mistake : MISTAKES) {
                mistake.writeTo(config);
            }
            for (Mistake mistake : MISTAKES) {
                agent.await("health says: " + mistake.pattern(), () -> finds(mistake, message(agent)));
                agent.await("the log says: " + mistake.pattern(), () -> finds(mistake, agent.output()));
            }
            assertThat(status(agent)).isEqualTo("degraded");
            assertThat(message(agent) + agent.output()).doesNotContain(SECRET);
            assertThat(agent.get("/health/live").status()).isEqualTo(200);
            assertThat(interval(agent, "filesystem"))
                    .as("beside a key of no effect")
                    .isEqualTo(1.0);
            assertThat(agent.component("collector.foo").isMissingNode()).isTrue();
            assertThat(agent.component("collector.cpu")
                            .path("details")
                            .path("interval_seconds")
                            .asDouble())
                    .as("the value from before the mistake")
                    .isEqualTo(0.5);

            for (Mistake mistake : MISTAKES) {
                String before = message(agent);
                assertThat(finds(mistake, before)).as(mistake.pid()).isTrue();
                Path file = config.resolve(mistake.pid() + ".cfg");
                if (mistake.pid().equals("tidewatch.health")) {
                    Files.writeString(file, health);
                } else {
                    Files.delete(file);
                }
                agent.await("it is fixed: " + mistake.pid(), () -> !finds(mistake, message(agent)));
            }
            agent.await("all is fixed", () -> status(agent).equals("ok"));
            assertThat(agent.stop()).isZero();
        }
    }

    @Test
    void atTheStartAMistakeLeavesTheDefaultInForce() throws Exception {
        try (AgentProcess agent = agent("mistakes-at-the-start")) {
            for (Mistake mistake : MISTAKES) {
                if (!mistake.pid().equals("tidewatch.health")) {
                    mistake.writeTo(agent.folder("config"));
                }
            }
            agent.start();
            agent.await("the report", () -> status(agent).equals("degraded"));
            agent.stop();
            // The cache of the framework knows what was there.
            agent.start();
            agent.await("the report", () -> status(agent).equals("degraded"));
            assertThat(interval(agent, "memory")).as("not of the copy").isEqualTo(30.0);
            assertThat(agent.folder("state").resolve("other.db")).doesNotExist();
            assertThat(agent.component("uploader").path("message").asText()).startsWith("disabled");
            assertThat(message(agent))
                    .contains("invalid interval \"10\"", "did you mean 10s?", "Using the default instead");
            agent.await(
                    "samples of a collector with a mistake",
                    () -> agent.component("collector.cpu").path("details").has("last_success"));
            assertThat(agent.component("collector.cpu")
                            .path("details")
                            .path("interval_seconds")
                            .asDouble())
                    .isEqualTo(10.0);
            assertThat(agent.stop()).isZero();
        }
    }

    @Test
    void checkNamesEveryMistakeByFileAndLineWithoutAnAgent() throws Exception {
        try (AgentProcess agent = agent("mistakes-checked")) {
            Path config = agent.folder("config");
            for (Mistake mistake : MISTAKES) {
                mistake.writeTo(config);
            }
            Files.writeString(config.resolve("tidewatch.procfs.cfg"), "procfs.root = /proc\n");

            AgentProcess.Ended checked = agent.runAnother("--check");

            assertThat(checked.exitCode()).isEqualTo(78);
            for (Mistake mistake : MISTAKES) {
                assertThat(checked.output()).containsPattern(mistake.pattern());
            }
            assertThat(checked.output())
                    .contains(config.resolve("tidewatch.collector.cpu.cfg") + ":2: invalid interval \"10\"")
                    .contains(config.resolve("tidewatch.collector.thermal.cfg") + ":3: ")
                    .contains(config.resolve("tidewatch.procfs.cfg") + ": ok")
                    .contains(MISTAKES.size() + " problems")
                    .doesNotContain(SECRET);
            assertThat(agent.folder("state")).isEmptyDirectory();
        }
    }

    @Test
    void checkKnowsEveryKeyThatIsShipped() throws Exception {
        Path folder = AgentProcess.workFolder("shipped-keys");
        Path config = Files.createDirectory(folder.resolve("all"));
        long files = 0;
        try (Stream<Path> shipped = Files.list(AgentProcess.distribution().resolve("config"))) {
            for (Path file :
                    shipped.filter(path -> path.toString().endsWith(".cfg")).toList()) {
                String text = Files.readString(file);
                // Every key is there as a comment; taken out of it, the default has to be accepted.
                String active = Pattern.compile("^#([a-z.]+) *=", Pattern.MULTILINE)
                        .matcher(text)
                        .replaceAll("$1 =");
                Files.writeString(config.resolve(file.getFileName().toString()), active);
                files++;
            }
        }
        try (AgentProcess agent = new AgentProcess(AgentProcess.distribution(), folder)) {
            AgentProcess.Ended checked = agent.runAnother("--check", config.toString());
            assertThat(checked.output().lines().filter(line -> !line.endsWith(": ok")))
                    .isEmpty();
            assertThat(checked.output().lines()).hasSize((int) files);
            assertThat(checked.exitCode()).isZero();

            AgentProcess.Ended missing =
                    agent.runAnother("--check", folder.resolve("nowhere").toString());
            assertThat(missing.exitCode()).isEqualTo(78);
            assertThat(missing.output()).contains("nowhere is not there");
        }
    }

    private static Mistake copy(String pid, String line) {
        return Mistake.of(
                pid, line, "is not used, as " + pid.replaceFirst("[-~][^-~]*$", "") + " has one configuration");
    }

    private static AgentProcess agent(String name) throws IOException {
        return new AgentProcess(AgentProcess.distribution(), AgentProcess.workFolder(name))
                .configure("tidewatch.collector.cpu", Map.of("interval", "500ms"));
    }

    private static double interval(AgentProcess agent, String collector) {
        return agent.component("collector." + collector)
                .path("details")
                .path("interval_seconds")
                .asDouble();
    }

    private static boolean finds(Mistake mistake, String text) {
        return mistake.pattern().matcher(text).find();
    }

    private static String status(AgentProcess agent) {
        return agent.component("config").path("status").asText();
    }

    private static String message(AgentProcess agent) {
        StringBuilder text =
                new StringBuilder(agent.component("config").path("message").asText());
        agent.component("config").path("details").path("problems").forEach(problem -> text.append('\n')
                .append(problem.asText()));
        return text.toString();
    }
}
