using System.Security.Cryptography;
using System.Text;

namespace CogniForge.Llm.ProviderState;

/// <summary>Ids are stored as hashes: a copy of the table gives no access to anything.</summary>
internal static class StateDigest
{
    public static byte[] Compute(string id) => SHA256.HashData(Encoding.UTF8.GetBytes(id));
}
