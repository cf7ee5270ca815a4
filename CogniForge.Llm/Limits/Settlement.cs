namespace CogniForge.Llm.Limits;

/// <summary>What a request has needed.</summary>
/// <param name="Key">The key.</param>
/// <param name="Ledger">The budget's ledger; null: the key has no budget.</param>
/// <param name="Id">The request.</param>
/// <param name="Cost">What it has cost.</param>
/// <param name="Tokens">How many tokens more than estimated.</param>
internal readonly record struct Settlement(string Key, Ledger? Ledger, Guid Id, long Cost, int Tokens);
