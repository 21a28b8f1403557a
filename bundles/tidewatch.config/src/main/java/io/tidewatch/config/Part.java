package io.tidewatch.config;

import java.io.IOException;
import java.net.URL;
import java.util.List;

/** The configuration metadata of a bundle, running or only a jar. */
interface Part {
    /** What a message calls it. */
    String name();

    List<URL> metatypes() throws IOException;

    List<URL> components() throws IOException;

    /** The list of its {@link io.tidewatch.api.config.ConfigurationCheck}s, if there is one. */
    List<URL> checks() throws IOException;

    Class<?> load(String name) throws ClassNotFoundException;
}
