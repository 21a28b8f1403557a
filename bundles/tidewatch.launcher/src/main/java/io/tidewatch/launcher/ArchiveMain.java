package io.tidewatch.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * Runs an agent of its own for some seconds, so that the JVM, with the options of {@code bin/tidewatch archive}, writes an archive
 * of the classes that a running agent uses (-XX:ArchiveClassesAtExit). Its folders are below the one of the first
 * argument, its uploads go to its own health server, which refuses them: all parts work, and nothing leaves the machine.
 *
 * <p>The process is halted with the agent running: at an orderly end the framework would have let go of the bundles, and
 * the archive would hold a third of the classes.
 */
public final class ArchiveMain {
    /** What a slow board may need until everything has run once. */
    private static final Duration LIMIT = Duration.ofMinutes(5);

    private static final Duration REQUEST_LIMIT = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofMillis(250);
    /** Classes that are used a moment after the first passes, such as those of a second upload. */
    private static final int LOOKS = 12;

    private static final Pattern SENT = Pattern.compile("\"sent_bytes_total\":[1-9]");

    private ArchiveMain() {}

    /** Ends the process: 0 when the agent has run, else one of {@link ExitCode}. */
    @AllowedHere("the end of the process, without an orderly stop")
    public static void main(String[] arguments) {
        ExitCode exitCode = ExitCode.OK;
        try {
            run(Path.of(arguments[0]).toAbsolutePath());
        } catch (LaunchException e) {
            System.err.println("tidewatch archive: " + e.getMessage());
            exitCode = e.exitCode;
        } catch (IOException | InterruptedException e) {
            System.err.println("tidewatch archive: " + e);
            exitCode = ExitCode.FAILURE;
        }
        System.out.flush();
        System.err.flush();
        Runtime.getRuntime().halt(exitCode.number);
    }

    private static void run(Path folder) throws LaunchException, IOException, InterruptedException {
        NameLookups.rememberBriefly();
        int port = freePort();
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.put("TIDEWATCH_CONFIG", configuration(folder.resolve("config"), port));
        environment.put(
                "TIDEWATCH_STATE",
                Files.createDirectories(folder.resolve("state")).toString());
        environment.put(
                "TIDEWATCH_DEPLOY",
                Files.createDirectories(folder.resolve("deploy")).toString());
        Places places = Places.find(System.getProperty("tidewatch.home"), environment, Places.SYSTEM_STATE);
        System.setProperty("tidewatch.config", places.config().toString());

        new FelixRuntime(
                        places,
                        CollectorSet.choose(environment, System.getProperty("os.name")),
                        Build.read().version(),
                        new QuarantinedJars(places.deploy(), Set.of(), Set.of()))
                .start();
        awaitWork(new URL("http://127.0.0.1:" + port + "/health"));
    }

    /** Until health says that passes were kept and an upload was tried, and some looks longer. */
    private static void awaitWork(URL health) throws LaunchException, InterruptedException {
        long end = System.nanoTime() + LIMIT.toNanos();
        int worked = 0;
        String last = "no answer from " + health;
        while (worked < LOOKS) {
            if (System.nanoTime() - end > 0) {
                throw new LaunchException(
                        ExitCode.FAILURE,
                        "The agent did not work within " + LIMIT.toMinutes() + " minutes; its health was: " + last);
            }
            Optional<String> answer = get(health);
            if (answer.isPresent()) {
                last = answer.get();
                boolean works = last.contains("\"last_success\"")
                        && !last.contains("the first pass is running")
                        && SENT.matcher(last).find();
                worked = works ? worked + 1 : 0;
            }
            TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
        }
    }

    private static Optional<String> get(URL health) {
        try {
            HttpURLConnection connection = (HttpURLConnection) health.openConnection();
            connection.setConnectTimeout((int) REQUEST_LIMIT.toMillis());
            connection.setReadTimeout((int) REQUEST_LIMIT.toMillis());
            int status = connection.getResponseCode();
            try (InputStream body = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
                return Optional.of(body == null ? "" : new String(body.readAllBytes(), StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            // Not up yet.
            return Optional.empty();
        }
    }

    private static String configuration(Path folder, int port) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("tidewatch.health.cfg"), "address = 127.0.0.1:" + port + "\n");
        Files.writeString(
                folder.resolve("tidewatch.uploader.victoriametrics.cfg"),
                "url = http://127.0.0.1:" + port
                        + "/api/v1/import\nupload.interval = 1s\nretry.initial.backoff = 1s\n");
        return folder.toString();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
