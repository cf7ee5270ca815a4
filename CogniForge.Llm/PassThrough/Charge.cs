namespace CogniForge.Llm.PassThrough;

/// <summary>What providers charge for, and thus how a budget bounds it.</summary>
internal enum Charge
{
    /// <summary>Nothing: the call itself is free.</summary>
    Nothing,

    /// <summary>Input tokens, and output tokens up to <c>max_tokens</c>.</summary>
    Text,

    /// <summary>Input tokens alone.</summary>
    Input,

    /// <summary>Input and output tokens without a limit: nothing bounds it.</summary>
    Unlimited,

    /// <summary>Media, whose tokens have no bound: only a price of fees alone bounds it.</summary>
    Media,

    /// <summary>Work that ends after the response: nothing bounds it.</summary>
    Batch,
}
