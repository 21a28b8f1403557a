package io.tidewatch.uploader.victoriametrics.report;

import io.tidewatch.api.health.HealthCheck;

/** What the uploader tells of itself. As a service it is found by the collector of this bundle. */
public interface UploaderSelf extends HealthCheck {
    /** What was counted since the start. */
    UploadFigures figures();
}
