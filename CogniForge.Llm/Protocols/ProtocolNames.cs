namespace CogniForge.Llm.Protocols;

/// <summary>The names of protocols in the request log and in metrics.</summary>
internal static class ProtocolNames
{
    private static readonly string[] _names =
    [
        .. Enum.GetNames<Protocol>().Select(System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName),
    ];

    /// <summary>The name in snake case, e.g. <c>chat_completions</c>.</summary>
    public static string Name(this Protocol protocol) => _names[(int)protocol];
}
