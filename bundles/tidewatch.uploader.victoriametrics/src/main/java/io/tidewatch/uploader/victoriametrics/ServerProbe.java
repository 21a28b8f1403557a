package io.tidewatch.uploader.victoriametrics;

import io.tidewatch.api.clock.HttpDate;
import io.tidewatch.api.clock.Skew;
import io.tidewatch.api.config.SettingReader;
import io.tidewatch.api.config.WrittenSettings;
import io.tidewatch.uploader.victoriametrics.answer.Answer;
import io.tidewatch.uploader.victoriametrics.answer.Breakdown;
import io.tidewatch.uploader.victoriametrics.answer.Classification;
import io.tidewatch.uploader.victoriametrics.encoding.ChunkEncoder;
import io.tidewatch.uploader.victoriametrics.failure.Reason;
import io.tidewatch.uploader.victoriametrics.http.ImportClient;
import io.tidewatch.uploader.victoriametrics.http.Reply;
import io.tidewatch.uploader.victoriametrics.http.Routes;
import io.tidewatch.uploader.victoriametrics.http.ServerPage;
import io.tidewatch.uploader.victoriametrics.secrets.Credentials;
import io.tidewatch.uploader.victoriametrics.settings.Endpoint;
import io.tidewatch.uploader.victoriametrics.settings.UploaderConfig;
import io.tidewatch.uploader.victoriametrics.settings.UploaderSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds out what an upload would meet, for programs that run beside the agent: with the settings, the connection and the
 * judgement of the uploader, and a request without samples. Works without the framework. Not safe for use by several
 * threads.
 */
public final class ServerProbe implements AutoCloseable {
    public static final String PID = UploaderConfig.PID;

    private final UploaderSettings settings;
    private final ImportClient client;
    private final Clock clock;

    /**
     * The result of the request.
     *
     * @param reason kind of failure; empty if it was accepted
     * @param message what happened and what to look at, without secrets; empty if it was accepted
     * @param skew local time minus the server's, if an answer had the time
     */
    public record Result(Optional<Reason> reason, String message, Optional<Skew> skew) {
        /** Whether samples would have been taken. */
        public boolean accepted() {
            return reason.isEmpty();
        }
    }

    /**
     * Reads the configuration; as in the agent, the default stands in for a value that cannot be used.
     *
     * @param values the values of {@value #PID} by key
     * @param version version of the agent, for the header User-Agent
     * @param clock the clock that is compared with the server's
     */
    public ServerProbe(Map<String, String> values, String version, Clock clock) {
        this.settings = UploaderSettings.read(
                new WrittenSettings(values).as(UploaderConfig.class), new SettingReader(new ArrayList<>()));
        this.client = new ImportClient(version);
        this.clock = clock;
    }

    /** Where samples are sent to, without user and password; nothing if they are only stored. */
    public Optional<URI> url() {
        return settings.delivering() ? settings.endpoint().map(Endpoint::url) : Optional.empty();
    }

    /** Files with secrets that every user may read, so that nothing is sent, and how to fix that; none if all is well. */
    public List<String> exposedSecrets() {
        return Credentials.exposed(settings);
    }

    /**
     * Sends a request without samples to {@link #url}, as the uploader would send one with samples.
     *
     * @throws IllegalStateException if there is no url
     */
    public Result send() {
        Endpoint endpoint = settings.requireEndpoint();
        byte[] body = ChunkEncoder.empty();
        Instant start = clock.instant();
        try {
            Reply reply = client.post(settings, Optional.empty(), body, body.length);
            Instant end = clock.instant();
            boolean known = reply.identified() || settings.anyPeer() || isVictoriaMetrics();
            Answer answer = Classification.of(reply, settings, known, 0, end);
            Optional<Skew> skew =
                    HttpDate.parse(reply.date()).map(date -> Skew.ofServer(date, start, Duration.between(start, end)));
            return result(answer, skew);
        } catch (IOException e) {
            return result(Breakdown.of(e, endpoint, new Routes(Path.of("/proc/net"))::hasDefault), Optional.empty());
        }
    }

    /**
     * Asks the server about itself.
     *
     * @return nothing if there is no page of VictoriaMetrics
     * @throws IOException if there was no answer, or one of trouble that may pass
     * @throws IllegalStateException if there is no url
     */
    public Optional<ServerPage> report() throws IOException {
        return client.serverPage(settings);
    }

    /** Whether the url sends user and password, or token.file a token, unencrypted to another host. */
    public boolean sendsSecretsInTheClear() {
        return settings.sendsSecretsInTheClear();
    }

    @Override
    public void close() {
        client.close();
    }

    private boolean isVictoriaMetrics() {
        try {
            return client.serverPage(settings).isPresent();
        } catch (IOException e) {
            // The answer itself says more than that.
            return false;
        }
    }

    private static Result result(Answer answer, Optional<Skew> skew) {
        return answer instanceof Answer.Failure failure
                ? new Result(Optional.of(failure.reason()), failure.message(), skew)
                : new Result(Optional.empty(), "", skew);
    }
}
