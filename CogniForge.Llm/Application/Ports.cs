using CogniForge.Llm.Domain;

namespace CogniForge.Llm.Application;

/// <summary>A provider of models.</summary>
internal interface IChatTransport
{
    /// <summary>The provider's name, e.g. <c>mock</c>.</summary>
    string Provider { get; }

    /// <summary>The models that it serves.</summary>
    IReadOnlyList<string> Models { get; }

    /// <summary>Answers a conversation.</summary>
    Task<ChatAnswer> CompleteAsync(ChatRequest request, CancellationToken cancellationToken);
}

/// <summary>Which completions were answered?</summary>
internal interface ICompletionStore
{
    /// <summary>Stores records; one that is there already stays as it is.</summary>
    Task AddAsync(IReadOnlyList<CompletionRecord> records, CancellationToken cancellationToken);

    /// <summary>How many there are.</summary>
    Task<long> CountAsync(CancellationToken cancellationToken);
}
