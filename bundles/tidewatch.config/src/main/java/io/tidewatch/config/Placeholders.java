package io.tidewatch.config;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Puts in what a value stands for: <code>${env:NAME}</code> of the environment, <code>${secret:name}</code> from a file,
 * <code>${name}</code> of the agent's properties. <code>$${</code> is a plain <code>${</code>. What was put in is not
 * looked at again.
 *
 * @param properties of the framework and the system; null: there is none of the name
 */
record Placeholders(
        Map<String, String> environment, Function<String, @Nullable String> properties, SecretFolders secrets) {
    private static final String ENVIRONMENT = "env:";
    private static final String SECRET = "secret:";

    /** An escaped begin, or a placeholder: its name, and its end if it has one. */
    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\$\\{|\\$\\{([^}]*+)(})?");

    private static final Pattern SECRETS = Pattern.compile("\\$\\{" + SECRET + "([^}]*+)}");

    /** A value with everything put in, and the pieces that were, in their order. */
    record Resolved(String text, List<String> inserted) {}

    /** The names of the secrets that a value has placeholders for. */
    static Set<String> secretsIn(String value) {
        return SECRETS.matcher(value)
                .results()
                .map(secret -> secret.group(1).strip())
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /**
     * @param maySecret whether a secret may stand there
     * @throws UnresolvedException if something is not known, or a secret stands where it would not be kept one
     */
    Resolved resolve(String value, boolean maySecret) throws UnresolvedException {
        StringBuilder text = new StringBuilder();
        List<String> inserted = new ArrayList<>();
        Matcher matcher = PLACEHOLDER.matcher(value);
        while (matcher.find()) {
            String piece = "${";
            if (!matcher.group().equals("$${")) {
                if (matcher.group(2) == null) {
                    throw new UnresolvedException("${…} with a } at its end, or $${ for a plain ${");
                }
                piece = lookUp(String.valueOf(matcher.group(1)).strip(), maySecret);
                inserted.add(piece);
            }
            matcher.appendReplacement(text, Matcher.quoteReplacement(piece));
        }
        return new Resolved(matcher.appendTail(text).toString(), inserted);
    }

    /** Changes whenever one of these secrets does. */
    String stamp(Set<String> names) {
        return names.stream().map(secrets::stamp).collect(Collectors.joining(" "));
    }

    private String lookUp(String name, boolean maySecret) throws UnresolvedException {
        if (name.startsWith(SECRET)) {
            if (!maySecret) {
                throw new UnresolvedException("no secret in this key, whose value is not kept secret");
            }
            return secrets.read(name.substring(SECRET.length()));
        }
        if (name.startsWith(ENVIRONMENT)) {
            String variable = name.substring(ENVIRONMENT.length());
            String value = environment.get(variable);
            if (value == null) {
                throw new UnresolvedException(
                        "a variable that is set, and " + variable + " is not in the environment of the agent");
            }
            return value;
        }
        String value = properties.apply(name);
        if (value == null) {
            throw new UnresolvedException("${env:NAME}, ${secret:name}, or a property of the agent, and there is no "
                    + name + "; $${ is a plain ${");
        }
        return value;
    }
}
