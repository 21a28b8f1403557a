package io.tidewatch.uploader.victoriametrics;

import io.tidewatch.testing.config.DocumentedConfiguration;
import io.tidewatch.uploader.victoriametrics.settings.UploaderConfig;

class DocumentationTest implements DocumentedConfiguration {
    @Override
    public Class<?> configuration() {
        return UploaderConfig.class;
    }

    @Override
    public String pid() {
        return "tidewatch.uploader.victoriametrics";
    }
}
