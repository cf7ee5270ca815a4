namespace CogniForge.Llm.ProviderState;

/// <summary>Remembers which API key received an id, and which provider keeps what it names.</summary>
internal interface IProviderStateStore
{
    /// <summary>How long an id is remembered; OpenAI keeps responses as long.</summary>
    static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);

    /// <summary>Remembers ids for <see cref="Lifetime"/>.</summary>
    Task AddAsync(
        string caller,
        string provider,
        IReadOnlyCollection<string> ids,
        CancellationToken cancellationToken
    );

    /// <summary>The ids that the key has received, each with its provider; null: unknown.</summary>
    Task<IReadOnlyDictionary<string, string?>> FindOwnAsync(
        string caller,
        IReadOnlyCollection<string> ids,
        CancellationToken cancellationToken
    );

    /// <summary>Deletes expired ids.</summary>
    Task DeleteExpiredAsync(CancellationToken cancellationToken);
}
