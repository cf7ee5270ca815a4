namespace CogniForge.Llm.Protocols;

/// <summary>The names of protocols in records.</summary>
internal static class ProtocolNames
{
    private static readonly string[] _names =
    [
        .. Enum.GetNames<Protocol>().Select(System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName),
    ];

    /// <summary>The name, e.g. <c>chat_completions</c>.</summary>
    public static string Name(this Protocol protocol) => _names[(int)protocol];
}
