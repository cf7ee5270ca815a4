namespace CogniForge.Llm.Tests.Sdks;

/// <summary>A provider's own SDK as the client, with only the base URL and key set and retries disabled.</summary>
internal interface ISdk
{
    /// <summary>Sends a request and returns the complete response.</summary>
    /// <param name="model">The model.</param>
    /// <param name="request">The request.</param>
    /// <param name="stream">Whether the response is streamed.</param>
    /// <param name="onText">Called with each piece of a streamed text as it arrives.</param>
    /// <param name="cancellationToken">Cancels the request.</param>
    Task<ChatResponse> SendAsync(
        string model,
        ChatRequest request,
        bool stream,
        Action<string>? onText = null,
        CancellationToken cancellationToken = default
    );

    /// <summary>Reads the error from an exception of the SDK.</summary>
    SdkError ReadError(Exception exception);

    static ISdk Create(Api api, Uri gateway, string key = "cf_dev") =>
        api == Api.OpenAI ? new OpenAiSdk(gateway, key) : new AnthropicSdk(gateway, key);
}
