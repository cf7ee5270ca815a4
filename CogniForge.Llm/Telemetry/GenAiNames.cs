using CogniForge.Llm.Routing;

namespace CogniForge.Llm.Telemetry;

/// <summary>Attribute values of OpenTelemetry's semantic conventions for generative AI.</summary>
internal static class GenAiNames
{
    /// <summary>Gets <c>gen_ai.operation.name</c>.</summary>
    /// <param name="protocol">The name of the protocol, as in the request log.</param>
    public static string GetOperation(string protocol) =>
        protocol switch
        {
            "chat_completions" or "responses" or "messages" => "chat",
            "completions" => "text_completion",
            _ => protocol,
        };

    /// <summary>Gets <c>gen_ai.provider.name</c>.</summary>
    public static string GetProvider(Provider provider) =>
        provider.Profile.TelemetryName ?? provider.Name;
}
