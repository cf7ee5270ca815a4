using System.Diagnostics;
using OpenTelemetry;

namespace CogniForge.ServiceDefaults.Telemetry;

/// <summary>A trace begins with a request or a message. Calls that a service makes by itself, some every second, would bury those.</summary>
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
