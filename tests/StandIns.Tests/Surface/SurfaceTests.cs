using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace StandIns.Tests.Surface;

/// <summary>Holds the public surface of every stand-in against that of the package that it stands in for.</summary>
public class SurfaceTests
{
    public static TheoryData<string> StandIns() =>
        new(Directory.EnumerateFiles(Path.Combine(Root, "standins"), "*.csproj", SearchOption.AllDirectories).Select(f => Path.GetFileNameWithoutExtension(f)));

    [Theory]
    [MemberData(nameof(StandIns))]
    public void StandIn_OffersNothing_ThatTheRealPackageDoesNot(string package)
    {
        var real = Path.Combine(Root, "tests", "StandIns.Tests", "RealApi", package + ".txt");
        Assert.True(File.Exists(real), $"{real} is missing: what does the real {package} offer?");
        var assembly = Assembly.Load(package);
        if (!StandInOnly.IsStandIn(assembly))
            return; // On a full feed this is the real package, perhaps a newer one.

        var invented = SurfaceComparison.Invented(PublicSurface.Of(assembly), File.ReadLines(real));
        Assert.True(invented.Count == 0, $"The real {package} does not offer:\n{string.Join('\n', invented)}");
    }

    [Theory]
    [InlineData("class N.New")]
    [InlineData("sealed class N.C : N.B, N.I where T:class")]
    [InlineData("class N.C : N.B, N.J where T:class")]
    [InlineData("class N.C : N.B where T:class,new()")]
    [InlineData("class N.C : N.B")]
    [InlineData("class N.C : N.B where T:class [experimental X]")]
    [InlineData("class N.C where T:class", "Void M(String a=null)")]
    [InlineData("class N.C where T:class", "Void M(String b, Int32 n=1)")]
    [InlineData("class N.C where T:class", "Void M(String a, Int32 n=2)")]
    [InlineData("class N.C where T:class", "static Void M(String a, Int32 n=1)")]
    [InlineData("class N.C where T:class", "abstract Void M(String a, Int32 n=1)")]
    [InlineData("class N.C where T:class", "virtual Void P()")]
    [InlineData("class N.C where T:class", "String Get {get;set;}")]
    [InlineData("class N.C where T:class", "Int32 Both {get;}")]
    [InlineData("class N.C where T:class", "Void E()")]
    [InlineData("enum N.E", "A=0, B=2")]
    [InlineData("enum N.E", "A=0, D=3")]
    public void Comparison_SomethingInvented_IsFound(string type, params string[] members) =>
        Assert.Single(SurfaceComparison.Invented([type, .. members.Select(m => "  " + m)], _real));

    [Theory]
    [InlineData("class N.C : N.B, N.I where T:class", "virtual Void M(String a, Int32 n=1)")]
    [InlineData("class N.C : N.I where T:class", "Void M(String a, Int32 n=1)", "String Both {get;}", "protected Void P()", "Void E() [experimental X]")]
    [InlineData("enum N.E", "B=1")]
    public void Comparison_SomethingLacking_IsAllowed(string type, params string[] members) =>
        Assert.Empty(SurfaceComparison.Invented([type, .. members.Select(m => "  " + m)], _real));

    [Fact]
    public void Surface_OfAType_IsPrintedInTheFormOfTheFiles() => Assert.Equal(
        [
            "abstract class StandIns.Tests.Surface.SurfaceTests.Sample<T> : ICloneable where T:class,IDisposable,new()",
            "  protected ctor(ref Int32 number) [experimental X1]",
            "  const String Name=\"n\"",
            "  Int32? Count {get;init;}",
            "  required System.Collections.Generic.List<T> Items {get;set;}",
            "  event Action Changed",
            "  abstract Object Clone() [obsolete]",
            "  virtual Boolean Try<TOther>(String[] texts, out TOther other, DayOfWeek day=Friday, params Object[] rest) where TOther:struct",
        ],
        PublicSurface.Of(typeof(Sample<>)));

    public abstract class Sample<T> : ICloneable
        where T : class, IDisposable, new()
    {
        public const string Name = "n";

        [Experimental("X1")]
        protected Sample(ref int number) => number++;

        public event Action? Changed;

        public int? Count { get; init; }

        public required List<T> Items { get; set; }

        [Obsolete("to see its mark")]
        public abstract object Clone();

        public virtual bool Try<TOther>(string[] texts, out TOther other, DayOfWeek day = DayOfWeek.Friday, params object[] rest)
            where TOther : struct
        {
            other = default;
            return false;
        }

        internal void Change() => Changed?.Invoke();
    }

    private static readonly string[] _real =
    [
        "# N",
        "class N.C : N.B, N.I where T:class",
        "  virtual Void M(String a, Int32 n=1)",
        "  String Get {get;}",
        "  String Both {get;set;}",
        "  protected virtual Void P()",
        "  Void E() [experimental X]",
        "enum N.E",
        "  A=0, B=1, C=2",
    ];

    private static string Root
    {
        get
        {
            for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
                if (File.Exists(Path.Combine(folder, "CogniForge.sln")))
                    return folder;
            throw new InvalidOperationException("The tests run outside of the source tree.");
        }
    }
}
