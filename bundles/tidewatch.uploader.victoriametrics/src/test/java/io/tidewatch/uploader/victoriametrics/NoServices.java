package io.tidewatch.uploader.victoriametrics;

import io.tidewatch.api.delivery.DeliveryTarget;
import io.tidewatch.uploader.victoriametrics.report.UploaderSelf;
import org.jspecify.annotations.Nullable;

/** Offers nothing to anybody. */
final class NoServices implements Services {
    @Override
    public void offer(UploaderSelf self) {}

    @Override
    public void offer(@Nullable DeliveryTarget target) {}

    @Override
    public void withdraw() {}
}
