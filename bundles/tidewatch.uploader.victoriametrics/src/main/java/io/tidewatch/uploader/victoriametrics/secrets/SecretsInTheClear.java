package io.tidewatch.uploader.victoriametrics.secrets;

import io.tidewatch.uploader.victoriametrics.settings.UploaderSettings;
import java.util.Locale;
import java.util.regex.Pattern;

/** Whether a token or a password goes unencrypted to another host, where anyone on the way can read it. */
public final class SecretsInTheClear {
    private static final Pattern LOOPBACK =
            Pattern.compile("localhost|.*\\.localhost|127(\\.\\d{1,3}){3}|\\[?(0{0,4}:){0,7}:?0{0,3}1]?");

    private SecretsInTheClear() {}

    /** Whether these settings do so. */
    public static boolean isTrue(UploaderSettings settings) {
        return settings.delivering()
                && settings.endpoint()
                        .filter(endpoint ->
                                "http".equalsIgnoreCase(endpoint.url().getScheme()))
                        .filter(endpoint -> settings.tokenFile().isPresent()
                                || endpoint.basicAuthorization().isPresent())
                        .filter(endpoint -> !LOOPBACK.matcher(endpoint.host().toLowerCase(Locale.ROOT))
                                .matches())
                        .isPresent();
    }
}
