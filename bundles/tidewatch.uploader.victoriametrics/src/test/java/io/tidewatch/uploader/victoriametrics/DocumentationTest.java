package io.tidewatch.uploader.victoriametrics;

import io.tidewatch.testing.config.DocumentedConfiguration;

class DocumentationTest implements DocumentedConfiguration {
    @Override
    public Class<?> configuration() {
        return Uploader.Config.class;
    }

    @Override
    public String pid() {
        return "tidewatch.uploader.victoriametrics";
    }
}
