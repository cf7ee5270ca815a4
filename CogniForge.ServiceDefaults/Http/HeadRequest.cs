namespace CogniForge.ServiceDefaults.Http;

/// <summary>Marks a GET request that the client sent as HEAD.</summary>
internal sealed class HeadRequest
{
    private HeadRequest() { }

    public static HeadRequest Instance { get; } = new();
}
