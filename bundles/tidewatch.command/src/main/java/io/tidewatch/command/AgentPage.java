package io.tidewatch.command;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The page {@code /health} of the agent.
 *
 * @param url where it should be
 */
record AgentPage(URI url) {
    static final String PID = "tidewatch.health";
    static final String DEFAULT_ADDRESS = "127.0.0.1:9100";

    private static final Pattern ADDRESS = Pattern.compile("(\\[[0-9a-fA-F:.%a-z0-9_-]+]|[a-zA-Z0-9._-]+):(\\d{1,5})");
    private static final int TIMEOUT_MILLIS = 5_000;
    private static final int LONGEST = 1 << 20;
    private static final int LAST_PORT = 65_535;

    /** No agent answers; the message says where, and why not. */
    static final class DownException extends Exception {
        private static final long serialVersionUID = 1L;

        DownException(String message) {
            super(message);
        }
    }

    /**
     * The page of the agent with these folders.
     *
     * @throws CommandException if the address cannot be read from there
     */
    static AgentPage of(Folders folders) throws CommandException {
        Path file = folders.config().resolve(PID + ".cfg");
        try {
            Map<String, String> values = CfgValues.read(folders, PID);
            return at(values.getOrDefault("address", DEFAULT_ADDRESS), "address of " + file);
        } catch (IOException e) {
            throw new CommandException(
                    ExitCodes.BAD_CONFIGURATION,
                    file + " cannot be read ("
                            + e.getClass().getSimpleName()
                            + "). Ask as a user who may, or name the agent with --address.");
        }
    }

    /**
     * The page at an address. All addresses of the machine are taken for the loopback.
     *
     * @param where the place of the setting, for the message
     */
    static AgentPage at(String address, String where) throws CommandException {
        Matcher matcher = ADDRESS.matcher(address.strip());
        if (!matcher.matches() || Integer.parseInt(matcher.group(2)) > LAST_PORT) {
            throw new CommandException(
                    ExitCodes.BAD_CONFIGURATION,
                    where + " is '" + address + "'; accepted: host:port such as " + DEFAULT_ADDRESS
                            + " or [::1]:9100.");
        }
        if (Integer.parseInt(matcher.group(2)) == 0) {
            throw new CommandException(
                    ExitCodes.BAD_CONFIGURATION,
                    where + " has port 0, any free one. The log of the agent tells which: name it with --address.");
        }
        String host =
                switch (matcher.group(1)) {
                    case "0.0.0.0" -> "127.0.0.1";
                    case "[::]" -> "[::1]";
                    default -> matcher.group(1);
                };
        return new AgentPage(URI.create("http://" + host + ":" + matcher.group(2) + "/health"));
    }

    /**
     * Asks for it.
     *
     * @throws DownException if nobody answers, or somebody else
     */
    String get() throws DownException {
        try {
            HttpURLConnection connection = (HttpURLConnection) url.toURL().openConnection(Proxy.NO_PROXY);
            connection.setInstanceFollowRedirects(false);
            connection.setConnectTimeout(TIMEOUT_MILLIS);
            connection.setReadTimeout(TIMEOUT_MILLIS);
            int status = connection.getResponseCode();
            try (InputStream body = status >= 400 ? connection.getErrorStream() : connection.getInputStream()) {
                String text = body == null ? "" : new String(body.readNBytes(LONGEST), StandardCharsets.UTF_8);
                if (!isHealth(text)) {
                    throw new DownException("what answers at " + url + " is no tidewatch agent");
                }
                return text;
            } finally {
                connection.disconnect();
            }
        } catch (IOException | RuntimeException e) {
            // HttpURLConnection passes on what its parsers throw at nonsense.
            String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            throw new DownException("no agent answers at " + url + " (" + DisplayText.plain(reason) + ")");
        }
    }

    /** The process that is said to work on the state folder, if it is there. */
    static Optional<Long> process(Folders folders) {
        try {
            long pid = Long.parseLong(
                    Files.readString(folders.lock(), StandardCharsets.US_ASCII).strip());
            return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).map(ProcessHandle::pid);
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static boolean isHealth(String text) {
        try {
            Json health = Json.parse(text);
            return health.text("status").isPresent() && health.fields().get("components") instanceof Json;
        } catch (IOException e) {
            return false;
        }
    }
}
