namespace CogniForge.ServiceDefaults.Http;

/// <summary>Marks a GET request that the client sent as HEAD.</summary>
public sealed class HeadRequest
{
    private HeadRequest() { }

    internal static HeadRequest Instance { get; } = new();

    /// <summary>Whether the client sent HEAD, so that an endpoint may leave out what only its body needs.</summary>
    /// <param name="context">The request.</param>
    public static bool Is(HttpContext context) => context.Features.Get<HeadRequest>() is not null;
}
