package io.tidewatch.command.agent;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A file that is to be written.
 *
 * @param name within its folder
 * @param content as it will be
 * @param secret whether only the user of the agent may read it
 */
public record NewFile(String name, List<String> content, boolean secret) {
    public NewFile {
        content = List.copyOf(content);
    }

    byte[] bytes() {
        return (String.join("\n", content) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** Shows no content, which may be secret. */
    @Override
    public String toString() {
        return name;
    }
}
