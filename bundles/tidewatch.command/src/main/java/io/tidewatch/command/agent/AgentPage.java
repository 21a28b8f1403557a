package io.tidewatch.command.agent;

import io.tidewatch.api.config.FileFailure;
import io.tidewatch.command.console.CommandException;
import io.tidewatch.command.console.DisplayText;
import io.tidewatch.command.console.ExitCodes;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The page {@code /health} of the agent. */
public record AgentPage(URI url) {
    public static final String PID = "tidewatch.health";
    public static final String DEFAULT_ADDRESS = "127.0.0.1:9100";

    private static final Pattern ADDRESS = Pattern.compile("(\\[[0-9a-fA-F:.%a-z0-9_-]+]|[a-zA-Z0-9._-]+):(\\d{1,5})");
    private static final int TIMEOUT_MILLIS = 5_000;
    private static final int LIMIT_SECONDS = 10;
    private static final int LONGEST = 1 << 20;
    private static final int LAST_PORT = 65_535;

    /** An answer of the program at the address, with its status code of HTTP. */
    public record Reply(int status, String text) {}

    /** The answer of an agent to a request for its health: as it came, and parsed. */
    public record Answer(String text, Json health) {
        /** Returns the folders that the agent works with; those that were asked for if it names none that are here. */
        public Folders folders(Folders asked) {
            Json named = health.object("folders");
            List<Path> there = Stream.of("config", "state", "deploy")
                    .flatMap(name -> folder(named, name).stream())
                    .toList();
            return there.size() < 3 ? asked : new Folders(asked.home(), there.get(0), there.get(1), there.get(2));
        }

        private static Optional<Path> folder(Json folders, String name) {
            try {
                return folders.text(name).map(Path::of).filter(Files::exists);
            } catch (InvalidPathException e) {
                return Optional.empty();
            }
        }
    }

    /** Thrown when no agent answers; the message says where, and why not. */
    public static final class DownException extends Exception {
        private static final long serialVersionUID = 1L;

        public DownException(String message) {
            super(message);
        }
    }

    /**
     * Returns the page of the agent with these folders. Where the configuration names none that can be used, it is the
     * default one, as in the agent.
     *
     * @param remarks receives why the default is used
     * @throws CommandException if the configuration leaves the port to the system
     */
    public static AgentPage of(Folders folders, Consumer<String> remarks) throws CommandException {
        Path file = folders.config().resolve(PID + ".cfg");
        String address = DEFAULT_ADDRESS;
        try {
            address = folders.settings(PID).getOrDefault("address", DEFAULT_ADDRESS);
        } catch (IOException e) {
            remarks.accept(FileFailure.reason(e) + ": " + file + "; asking " + DEFAULT_ADDRESS
                    + ". --address names another one.");
        }
        if (!isAddress(ADDRESS.matcher(address.strip()))) {
            remarks.accept("invalid address \"" + address + "\" in " + file + " (expected host:port such as "
                    + DEFAULT_ADDRESS + "); asking " + DEFAULT_ADDRESS + ". --address names another one.");
            address = DEFAULT_ADDRESS;
        }
        return at(address, "address of " + file);
    }

    /** The page at an address; all addresses of the machine are taken for the loopback. */
    public static AgentPage at(String address, String where) throws CommandException {
        Matcher matcher = ADDRESS.matcher(address.strip());
        if (!isAddress(matcher)) {
            throw new CommandException(
                    ExitCodes.BAD_CONFIGURATION,
                    where + " is '" + address + "'; accepted: host:port such as " + DEFAULT_ADDRESS
                            + " or [::1]:9100.");
        }
        if (Integer.parseInt(matcher.group(2)) == 0) {
            throw new CommandException(
                    ExitCodes.BAD_CONFIGURATION,
                    where + " has port 0, any free one. The log of the agent has the port: pass it with --address.");
        }
        String host =
                switch (matcher.group(1)) {
                    case "0.0.0.0" -> "127.0.0.1";
                    case "[::]" -> "[::1]";
                    default -> matcher.group(1);
                };
        return new AgentPage(URI.create("http://" + host + ":" + matcher.group(2) + "/health"));
    }

    private static boolean isAddress(Matcher matcher) {
        return matcher.matches() && Integer.parseInt(matcher.group(2)) <= LAST_PORT;
    }

    /** @throws DownException if no program answers, or another one */
    public Answer get() throws DownException {
        String text = reply(url.getPath()).text();
        try {
            Json health = Json.parse(text);
            if (health.text("status").isPresent() && health.fields().get("components") instanceof Json) {
                return new Answer(text, health);
            }
        } catch (IOException e) {
            // Falls through to the one message.
        }
        throw new DownException("the program that answers at " + url + " is no tidewatch agent");
    }

    /** Asks for another page at the same address, by a path that begins with a slash. */
    public Reply reply(String path) throws DownException {
        URI page = url.resolve(path);
        FutureTask<Reply> asked = new FutureTask<>(() -> ask(page));
        // Another program at the address may answer without end.
        Thread thread = new Thread(asked, "agent-page");
        thread.setDaemon(true);
        thread.start();
        try {
            return asked.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            // HttpURLConnection passes on what its parsers throw at nonsense.
            throw down(page, FileFailure.reason(e.getCause() == null ? e : e.getCause()));
        } catch (TimeoutException e) {
            throw down(page, "its answer takes more than " + LIMIT_SECONDS + " s");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw down(page, "interrupted");
        }
    }

    private static DownException down(URI page, String reason) {
        return new DownException("no agent answers at " + page + " (" + DisplayText.plain(reason) + ")");
    }

    private static Reply ask(URI page) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) page.toURL().openConnection(Proxy.NO_PROXY);
        connection.setInstanceFollowRedirects(false);
        connection.setConnectTimeout(TIMEOUT_MILLIS);
        connection.setReadTimeout(TIMEOUT_MILLIS);
        int status = connection.getResponseCode();
        try (InputStream body = status >= 400 ? connection.getErrorStream() : connection.getInputStream()) {
            return new Reply(status, body == null ? "" : new String(body.readNBytes(LONGEST), StandardCharsets.UTF_8));
        } finally {
            connection.disconnect();
        }
    }

    /** What to do about an agent that does not answer. */
    public static String advice(Folders folders) {
        return process(folders.lock())
                .map(pid -> "Process " + pid + " works on " + folders.state()
                        + ": it may be starting, or serve health at another address; see its log (journalctl -u"
                        + " tidewatch).")
                .orElse(
                        "Start it with 'sudo systemctl start tidewatch' or 'tidewatch run'; 'tidewatch doctor' looks for"
                                + " the cause.");
    }

    /** The process whose number is in a lock file, if it is there. */
    public static Optional<Long> process(Path lock) {
        try {
            long pid = Long.parseLong(
                    Files.readString(lock, StandardCharsets.US_ASCII).strip());
            return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).map(ProcessHandle::pid);
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }
}
