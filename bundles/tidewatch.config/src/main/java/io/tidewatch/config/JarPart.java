package io.tidewatch.config;

import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;

/**
 * A jar that is not installed anywhere.
 *
 * @param loader has its classes, and those that they need
 */
record JarPart(Path jar, ClassLoader loader) implements Part {
    private static final String COMPONENT_FOLDER = "OSGI-INF/";

    @Override
    public String name() {
        return String.valueOf(jar.getFileName());
    }

    @Override
    public List<URL> metatypes() throws IOException {
        return in(Documents.METATYPE_FOLDER);
    }

    @Override
    public List<URL> components() throws IOException {
        return in(COMPONENT_FOLDER);
    }

    @Override
    public List<URL> checks() throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            return file.getEntry(Documents.CHECKS) == null ? List.of() : List.of(url(Documents.CHECKS));
        }
    }

    @Override
    public Class<?> load(String name) throws ClassNotFoundException {
        return loader.loadClass(name);
    }

    private List<URL> in(String folder) throws IOException {
        List<URL> documents = new ArrayList<>();
        try (JarFile file = new JarFile(jar.toFile())) {
            for (ZipEntry entry : file.stream().toList()) {
                String name = entry.getName();
                if (name.startsWith(folder) && name.endsWith(".xml") && name.indexOf('/', folder.length()) < 0) {
                    documents.add(url(name));
                }
            }
        }
        return documents;
    }

    private URL url(String entry) throws MalformedURLException {
        return new URL("jar:" + jar.toUri() + "!/" + entry);
    }
}
