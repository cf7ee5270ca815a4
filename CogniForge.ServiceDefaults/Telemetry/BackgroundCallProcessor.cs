using System.Diagnostics;
using OpenTelemetry;

namespace CogniForge.ServiceDefaults.Telemetry;

/// <summary>
/// Drops traces of calls that a service makes on its own, some every second: they would bury those of requests and
/// messages.
/// </summary>
internal sealed class BackgroundCallProcessor : BaseProcessor<Activity>
{
    public override void OnStart(Activity data)
    {
        if (data.Kind == ActivityKind.Client && data.ParentSpanId == default)
        {
            data.StopRecording();
        }
    }
}
