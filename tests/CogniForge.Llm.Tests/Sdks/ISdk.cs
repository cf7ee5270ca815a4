namespace CogniForge.Llm.Tests.Sdks;

/// <summary>A provider's own SDK as the client: nothing of it is set but its base URL and key, and that it does not retry.</summary>
internal interface ISdk
{
    /// <summary>Asks and hears the whole answer.</summary>
    /// <param name="model">The model.</param>
    /// <param name="question">What is asked.</param>
    /// <param name="stream">Whether the answer is streamed.</param>
    /// <param name="heard">Called with each piece of a streamed text as it comes.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<Answer> AskAsync(
        string model,
        Question question,
        bool stream,
        Action<string>? heard = null,
        CancellationToken cancellationToken = default
    );

    /// <summary>What the SDK makes of an error.</summary>
    SdkError ErrorOf(Exception exception);

    static ISdk Create(Api api, Uri gateway, string key = "cf_dev") =>
        api == Api.OpenAI ? new OpenAiSdk(gateway, key) : new AnthropicSdk(gateway, key);
}
