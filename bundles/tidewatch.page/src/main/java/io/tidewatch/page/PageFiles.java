package io.tidewatch.page;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** The files that a browser loads. They are part of the bundle. */
final class PageFiles {
    private static final Map<String, String> PAGES = Map.of("/page/", "index.html", "/overlay", "overlay.html");
    static final String FOLDER = "/page/";
    private static final Pattern FILE = Pattern.compile("[a-z0-9-]+\\.(js|css|svg|png)");

    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html;charset=utf-8",
            "js", "text/javascript;charset=utf-8",
            "css", "text/css;charset=utf-8",
            "svg", "image/svg+xml",
            "png", "image/png");

    private PageFiles() {}

    /**
     * The file at a path; empty if there is none.
     *
     * @param known the entity tag of the one that the reader has; null: none
     */
    static Optional<Answer> at(String path, @Nullable String known) throws IOException {
        String name = PAGES.get(path);
        if (name == null
                && path.startsWith(FOLDER)
                && FILE.matcher(path.substring(FOLDER.length())).matches()) {
            name = path.substring(FOLDER.length());
        }
        if (name == null) {
            return Optional.empty();
        }
        try (InputStream content = PageFiles.class.getResourceAsStream(FOLDER + name)) {
            if (content == null) {
                return Optional.empty();
            }
            byte[] bytes = content.readAllBytes();
            CRC32 sum = new CRC32();
            sum.update(bytes);
            String etag = "\"" + Long.toHexString(sum.getValue()) + "\"";
            String type = TYPES.getOrDefault(name.substring(name.lastIndexOf('.') + 1), "application/octet-stream");
            return Optional.of(Answer.file(type, etag, etag.equals(known) ? null : bytes));
        }
    }
}
