namespace CogniForge.Serving.Runners.Remote;

/// <summary>The API key for the models of one server.</summary>
internal sealed class RemoteApiKey
{
    /// <summary>
    /// The server to which alone the key is sent: scheme, host and port, e.g. <c>https://triton:8443</c>.
    /// </summary>
    public string Origin { get; set; } = "";

    /// <summary>The key, sent as a bearer token: 1 to 4,096 printable ASCII characters.</summary>
    public string Key { get; set; } = "";
}
