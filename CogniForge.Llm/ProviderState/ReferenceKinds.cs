namespace CogniForge.Llm.ProviderState;

/// <summary>What a field of a request may refer to, by its name.</summary>
[Flags]
internal enum ReferenceKinds
{
    None = 0,

    /// <summary>The id of something that a provider keeps, or several.</summary>
    Id = 1,

    /// <summary>An object with such an id.</summary>
    ObjectWithId = 2,

    /// <summary>An address outside the account.</summary>
    Address = 4,

    /// <summary>An address, which may be that of a file.</summary>
    Url = 8,
}
