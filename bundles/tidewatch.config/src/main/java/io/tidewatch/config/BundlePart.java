package io.tidewatch.config;

import java.net.URL;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Objects;
import org.osgi.framework.Bundle;

/** A bundle of the framework. Its documents are read without resolving it. */
record BundlePart(Bundle bundle) implements Part {
    private static final String COMPONENTS = "Service-Component";

    static boolean hasMetadata(Bundle bundle) {
        return bundle.getState() != Bundle.UNINSTALLED
                && (bundle.getHeaders("").get(COMPONENTS) != null
                        || bundle.getEntry(Documents.METATYPE_FOLDER) != null
                        || bundle.getEntry(Documents.CHECKS) != null);
    }

    @Override
    public String name() {
        return String.valueOf(bundle.getSymbolicName());
    }

    @Override
    public List<URL> metatypes() {
        return in(Documents.METATYPE_FOLDER, "");
    }

    @Override
    public List<URL> components() {
        List<URL> documents = new ArrayList<>();
        String header = bundle.getHeaders("").get(COMPONENTS);
        for (String path : header == null ? new String[0] : header.split("\\s*,\\s*", -1)) {
            int slash = path.lastIndexOf('/') + 1;
            documents.addAll(in(path.substring(0, slash), path.substring(slash)));
        }
        return documents;
    }

    @Override
    public List<URL> checks() {
        if (bundle.getState() == Bundle.INSTALLED) {
            // Its classes cannot be loaded before it is resolved.
            return List.of();
        }
        URL list = bundle.getEntry(Documents.CHECKS);
        return list == null ? List.of() : List.of(list);
    }

    @Override
    public Class<?> load(String name) throws ClassNotFoundException {
        return bundle.loadClass(name);
    }

    /** The XML documents of a folder: of this name, or all if it is empty or has a wildcard. */
    private List<URL> in(String folder, String name) {
        Enumeration<String> paths = bundle.getEntryPaths(folder);
        if (paths == null) {
            return List.of();
        }
        return Collections.list(paths).stream()
                .filter(path -> name.isEmpty() || name.contains("*") || path.endsWith("/" + name))
                .filter(path -> path.endsWith(".xml"))
                .map(bundle::getEntry)
                .filter(Objects::nonNull)
                .toList();
    }
}
