package io.tidewatch.uploader.victoriametrics.settings;

import io.tidewatch.api.config.Authority;
import io.tidewatch.api.config.InvalidSettingException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where samples are sent to.
 *
 * @param url the import URL, without user info
 * @param host name or address of the server; {@link Authority} knows it where the URL does not
 * @param basicAuthorization value of the Authorization header that stands for the user info; a secret
 */
public record Endpoint(URI url, String host, Optional<String> basicAuthorization) {
    private static final String ACCEPTED = "an http or https URL with a host, such as http://host:8428/api/v1/import";

    /** Where VictoriaMetrics takes other formats. Several answer chunks with 204 and store nothing (1.79.5, 1.151.0). */
    private static final Pattern OTHER_FORMATS = Pattern.compile(
            ".*/(?:api/v1/import/.+|write|api/put|api/v1/push|(?:datadog|newrelic|opentelemetry|zabbixconnector)/.*)");

    /** Reads the setting; nothing if it is blank. An {@link InvalidSettingException} shows no user info. */
    public static Optional<Endpoint> parse(String key, String value) {
        if (value.isBlank()) {
            return Optional.empty();
        }
        String accepted = ACCEPTED;
        try {
            URI url = new URI(value.strip());
            String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
            // Without a host the authority may still contain a password: then it is refused here, not sent anywhere.
            Optional<Authority> authority = Authority.of(url);
            if (authority.isPresent()
                    && scheme.equals("https")
                    && !authority.get().isTlsName()) {
                accepted = "for https a host without an underscore, since Java can check no certificate for one";
            } else if (OTHER_FORMATS.matcher(String.valueOf(url.getRawPath())).matches()) {
                accepted = "…/api/v1/import, as this path is for another format, in which samples would be lost";
            } else if ((scheme.equals("http") || scheme.equals("https")) && authority.isPresent()) {
                return authority.map(parts -> new Endpoint(
                        parts.within(url), parts.host(), parts.userInfo().map(Endpoint::basic)));
            }
        } catch (URISyntaxException e) {
            // Falls through to the one message, which shows no password.
        }
        throw new InvalidSettingException(key, withoutUserInfo(value.strip()), accepted);
    }

    /** Value of a header that stands for {@code user:password}. */
    static String basic(String userInfo) {
        return "Basic " + Base64.getEncoder().encodeToString(userInfo.getBytes(StandardCharsets.UTF_8));
    }

    /** A value without what may be a password. */
    public static String withoutUserInfo(String value) {
        return value.replaceFirst("[^/]*@|//.*@", "…@");
    }

    /** Host and port, for messages. */
    public String server() {
        return url.getRawAuthority();
    }

    /** The URL without its query, which may have secrets. */
    public String withoutQuery() {
        return url.getScheme() + "://" + url.getRawAuthority() + url.getRawPath();
    }

    /** Shows no secret. */
    @Override
    public String toString() {
        return url.toString();
    }
}
