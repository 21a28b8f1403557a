package io.tidewatch.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The main program as others see it: real processes, their output and their exit codes. */
@Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MainTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    private Installation installation;

    @BeforeEach
    void install() throws IOException {
        installation = new Installation(folder);
    }

    @AfterEach
    void killWhatIsLeft() throws InterruptedException {
        installation.close();
    }

    @Test
    void printsItsCommandsWhenAskedForNothing() throws Exception {
        Process process = installation.start();

        assertThat(outputOf(process)).contains("tidewatch run").contains("TIDEWATCH_STATE");
        assertThat(exitCodeOf(process)).isEqualTo(0);
    }

    @Test
    void printsItsVersion() throws Exception {
        Process process = installation.start("--version");

        assertThat(outputOf(process))
                .matches("tidewatch \\d+\\.\\d+\\.\\d+\\S* \\(commit \\S+, \\d{4}-\\d\\d-\\d\\dT\\S+\\)\\s");
        assertThat(exitCodeOf(process)).isEqualTo(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"start", "--versio", "run x", "--check a b", ""})
    void refusesWhatItDoesNotUnderstand(String arguments) throws Exception {
        Process process = installation.start(arguments.split(" "));

        assertThat(outputOf(process)).contains("--help");
        assertThat(exitCodeOf(process)).isEqualTo(64);
    }

    @Test
    void refusesAConfigurationFolderThatIsNotThere() throws Exception {
        Process process = installation.start(
                Map.of("TIDEWATCH_STATE", installation.state().toString(), "TIDEWATCH_CONFIG", "/nowhere/at/all"),
                "run");

        assertThat(outputOf(process)).contains("/nowhere/at/all").contains("TIDEWATCH_CONFIG");
        assertThat(exitCodeOf(process)).isEqualTo(78);
        assertThat(installation.state()).doesNotExist();
    }

    @Test
    void refusesAnInstallationWithoutBundles() throws Exception {
        Process process = installation.start("run");

        assertThat(outputOf(process)).contains("no bundles").contains("install tidewatch again");
        assertThat(exitCodeOf(process)).isEqualTo(78);
    }

    @Test
    void checkNeedsTheGuardAndMakesNothing() throws Exception {
        installation.bundle(1, "one", RecordingActivator.class);

        Process process = installation.start("--check");

        assertThat(outputOf(process)).contains("tidewatch.config is missing").contains("install tidewatch again");
        assertThat(exitCodeOf(process)).isEqualTo(78);
        assertThat(installation.state()).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"oshi", "portable"})
    void refusesCollectorsThatAreNotThere(String collectors) throws Exception {
        installation.bundle(1, "one", RecordingActivator.class);
        Process process = installation.start(
                Map.of("TIDEWATCH_STATE", installation.state().toString(), "TIDEWATCH_COLLECTORS", collectors), "run");

        assertThat(outputOf(process)).contains("'" + collectors + "'").contains("TIDEWATCH_COLLECTORS");
        assertThat(exitCodeOf(process)).isEqualTo(78);
        assertThat(installation.events()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    void startsByLevelAndStopsInTheOppositeOrder(String signal) throws Exception {
        installation.bundle(10, "a.last", RecordingActivator.class);
        installation.bundle(9, "b.first", RecordingActivator.class);
        Process agent = startedAgent();
        assertThat(installation.events())
                .extracting(MainTest::withoutVersion)
                .containsExactly("start b.first", "start a.last");

        signal(agent, signal);

        assertThat(exitCodeOf(agent)).isEqualTo(0);
        assertThat(installation.events())
                .extracting(MainTest::withoutVersion)
                .containsExactly("start b.first", "start a.last", "stop a.last", "stop b.first");
    }

    @Test
    void writesNothingIntoTheInstallation() throws Exception {
        installation.bundle(1, "one", RecordingActivator.class);
        String before = treeOf(installation.home());
        Process agent = startedAgent();

        signal(agent, "TERM");

        assertThat(exitCodeOf(agent)).isEqualTo(0);
        assertThat(treeOf(installation.home())).isEqualTo(before);
    }

    @Test
    void aSecondAgentOnTheSameStateIsRefusedAndTheFirstGoesOn() throws Exception {
        installation.bundle(1, "one", RecordingActivator.class);
        Process first = startedAgent();

        Process second = installation.start("run");

        assertThat(outputOf(second)).contains("already runs").contains("(process " + first.pid() + ")");
        assertThat(exitCodeOf(second)).isEqualTo(75);
        assertThat(first.isAlive()).isTrue();
        assertThat(installation.events()).hasSize(1);
    }

    @Test
    void startsAgainAfterItWasKilled() throws Exception {
        installation.bundle(1, "one", RecordingActivator.class);
        Process killed = startedAgent();
        killed.destroyForcibly().waitFor();

        Process agent = startedAgent();
        signal(agent, "TERM");

        assertThat(exitCodeOf(agent)).isEqualTo(0);
    }

    @Test
    void failsWhenABundleOfTheInstallationCannotStart() throws Exception {
        installation.bundle(1, "broken", RecordingActivator.class, "Require-Bundle", "not.there");
        Process agent = installation.start("run");

        assertThat(outputOf(agent)).contains("broken").contains("not.there");
        assertThat(exitCodeOf(agent)).isEqualTo(70);
    }

    @Test
    void failsWhenAJarOfTheInstallationIsNoJar() throws Exception {
        Files.writeString(
                Files.createDirectories(installation.home().resolve("bundles/1"))
                        .resolve("torn.jar"),
                "no jar");
        Process agent = installation.start("run");

        assertThat(outputOf(agent)).contains("torn.jar");
        assertThat(exitCodeOf(agent)).isEqualTo(70);
    }

    @Test
    void failsWhenTheFrameworkEndsByItself() throws Exception {
        installation.bundle(1, "ending", EndingActivator.class);
        Process agent = installation.start("run");

        assertThat(outputOf(agent)).contains("ended unexpectedly");
        assertThat(exitCodeOf(agent)).isEqualTo(70);
    }

    @Test
    @Tag("slow")
    void endsEvenWhenABundleDoesNotStop() throws Exception {
        installation.bundle(1, "hanging", HangingActivator.class);
        Process agent = startedAgent();

        signal(agent, "TERM");

        assertThat(outputOf(agent)).contains("not stopped in order");
        assertThat(exitCodeOf(agent)).isEqualTo(70);
    }

    /** Case C14. */
    @Test
    void aHangupHasTheConfigurationReadAgainAndEndsNothing() throws Exception {
        installation.bundle(1, "rereading", RereadingActivator.class);
        Process agent = startedAgent();

        signal(agent, "HUP");
        await().atMost(PATIENCE).until(() -> installation.events().contains("reread"));
        signal(agent, "HUP");
        await().atMost(PATIENCE)
                .until(() ->
                        installation.events().stream().filter("reread"::equals).count() == 2);
        assertThat(agent.isAlive()).isTrue();

        signal(agent, "TERM");
        assertThat(exitCodeOf(agent)).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 64, 78})
    void anEndThatABundleCallsForIsAFailureInOrderAndNamesIt(int code) throws Exception {
        installation.bundle(1, "base", RecordingActivator.class);
        installation.bundle(2, "exiting", ExitingActivator.class, "Exit-Code", String.valueOf(code));
        Process agent = installation.start("run");

        assertThat(outputOf(agent))
                .contains("System.exit was called by", "ExitingActivator", "of bundle exiting 1.0.0 (exiting.jar)");
        assertThat(exitCodeOf(agent)).as("whatever the bundle wants").isEqualTo(70);
        assertThat(installation.events()).extracting(MainTest::withoutVersion).contains("stop base");
    }

    @Test
    void endsThatABundleCallsForCountAgainstTheJars() throws Exception {
        installation.bundle(1, "base", RecordingActivator.class);
        installation.bundle(2, "exiting", ExitingActivator.class, "Exit-Code", "0");
        installation.drop("suspect");
        for (int i = 0; i < 3; i++) {
            assertThat(exitCodeOf(installation.start("run"))).isEqualTo(70);
        }
        Files.delete(installation.home().resolve("bundles/2/exiting.jar"));
        Process agent = startedAgent();

        BufferedReader reader = agent.inputReader(StandardCharsets.UTF_8);
        String line = reader.readLine();
        while (line != null && !line.contains("Quarantined, as the agent ended 3 times")) {
            line = reader.readLine();
        }
        assertThat(line).contains("dropped-suspect.jar");
        signal(agent, "TERM");
        assertThat(exitCodeOf(agent)).isZero();
    }

    @Test
    void noBundleClosesTheOutput() throws Exception {
        installation.bundle(1, "closing", ClosingActivator.class);
        Process agent = startedAgent();
        signal(agent, "TERM");

        assertThat(outputOf(agent)).contains("still heard");
        assertThat(exitCodeOf(agent)).isZero();
    }

    @Test
    void keepsDeployedBundlesApartFromTheInstallation() throws Exception {
        installation.bundle(
                1, "base", RecordingActivator.class, "Import-Package", "org.osgi.framework,extra;resolution:=optional");
        installation.bundle(
                2,
                "deploying",
                DeployingActivator.class,
                "Import-Package",
                "org.osgi.framework,org.osgi.framework.wiring");
        installation.drop("exporting", RecordingActivator.class, "Export-Package", "extra");
        installation.drop("base", RecordingActivator.class, "Bundle-Version", "2.0.0");
        installation.drop("fragment", RecordingActivator.class, "Fragment-Host", "base", "Bundle-Activator", "");
        Process agent = startedAgent();
        signal(agent, "TERM");

        assertThat(exitCodeOf(agent)).isZero();
        assertThat(installation.events()).contains("wires of base: []", "state of fragment: installed");
        assertThat(installation.events())
                .extracting(MainTest::withoutVersion)
                .contains("start exporting")
                .filteredOn("start base"::equals)
                .as("starts of the built-in, before and after it was refreshed")
                .hasSize(2);
    }

    /** An agent that says it runs. */
    private Process startedAgent() throws IOException {
        Process agent = installation.start("run");
        StringBuilder said = new StringBuilder();
        BufferedReader reader = agent.inputReader(StandardCharsets.UTF_8);
        while (true) {
            String line = reader.readLine();
            assertThat(line).as("the agent ended; it said: %s", said).isNotNull();
            if (line.contains(" runs; config ")) {
                return agent;
            }
            said.append(line).append('\n');
        }
    }

    private static String withoutVersion(String event) {
        return event.substring(0, event.lastIndexOf(' '));
    }

    private static void signal(Process process, String signal) throws Exception {
        Process kill = new ProcessBuilder("kill", "-" + signal, String.valueOf(process.pid())).start();
        assertThat(kill.waitFor()).isEqualTo(0);
    }

    /** All that is left to read, once the process has ended. */
    private static String outputOf(Process process) throws InterruptedException {
        exitCodeOf(process);
        return process.inputReader(StandardCharsets.UTF_8).lines().collect(Collectors.joining("\n", "", "\n"));
    }

    private static int exitCodeOf(Process process) throws InterruptedException {
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    private static String treeOf(Path folder) throws IOException {
        try (var paths = Files.walk(folder)) {
            return paths.map(Path::toString).sorted().collect(Collectors.joining("\n"));
        }
    }
}
