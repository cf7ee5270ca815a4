using System.ComponentModel.DataAnnotations;

namespace CogniForge.Llm.Providers;

/// <summary>How <c>GET /v1/models</c> requests the lists of providers (section <c>ModelList</c>).</summary>
internal sealed class ModelListOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = "ModelList";

    /// <summary>
    /// How long a provider's list is used before it is requested again, 0 to 7 days; 0: it is never requested. Default:
    /// 10 min.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "7.00:00:00")]
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a provider may take to return its list, 0.1 to 60 s. Default: 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(5);
}
